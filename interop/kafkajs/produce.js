// produce ADDR TOPIC CODEC, without the verb: see doc.go.
const { Kafka, CompressionTypes, logLevel } = require('kafkajs')

const [addr, topic, codec] = process.argv.slice(2)
const compression = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP }[codec]

async function main() {
  const lines = require('fs').readFileSync(0, 'utf8').trimEnd().split('\n')
  const producer = new Kafka({ brokers: [addr], logLevel: logLevel.WARN }).producer({ idempotent: true })
  await producer.connect()
  for (let i = 0; i < lines.length; i += 1000) {
    const messages = lines.slice(i, i + 1000).map(line => {
      const [key, value] = line.split('\t')
      return { key, value }
    })
    await producer.send({ topic, compression, messages })
  }
  await producer.disconnect()
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})
