// member ADDR TOPIC GROUP, without the verb: see doc.go.
const { Kafka, logLevel } = require('kafkajs')

const [addr, topic, groupId] = process.argv.slice(2)

async function main() {
  const kafka = new Kafka({ brokers: addr.split(','), logLevel: logLevel.NOTHING, connectionTimeout: 1000, retry: { retries: 1000, maxRetryTime: 500 } })
  const consumer = kafka.consumer({ groupId, sessionTimeout: 6000, heartbeatInterval: 500, rebalanceTimeout: 10000, allowAutoTopicCreation: false })
  process.on('SIGTERM', async () => {
    await consumer.disconnect()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommitInterval: 200,
    eachMessage: async ({ partition, message }) => { process.stdout.write(`${partition}\t${message.offset}\n`) }
  })
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})
