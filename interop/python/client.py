"""produce ADDR TOPIC CODEC, or consume ADDR TOPIC: see doc.go."""

import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition


def produce(addr, topic, codec):
    failed = []

    def delivered(error, _):
        if error is not None:
            failed.append(error)

    producer = Producer({"bootstrap.servers": addr, "compression.type": codec, "enable.idempotence": True})
    for line in sys.stdin.buffer:
        key, value = line.rstrip(b"\n").split(b"\t", 1)
        while True:
            try:
                producer.produce(topic, value, key, on_delivery=delivered)
                break
            except BufferError:  # its queue is full
                producer.poll(0.1)
    left = producer.flush(60)
    if failed or left:
        sys.exit(f"{left} undelivered, {len(failed)} failed: {failed[:3]}")


def consume(addr, topic):
    consumer = Consumer({"bootstrap.servers": addr, "group.id": "none", "enable.auto.commit": False,
                         "enable.partition.eof": True})
    partitions = consumer.list_topics(topic, 10).topics[topic].partitions
    consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in partitions])
    left = set(partitions)
    out = sys.stdout.buffer
    while left:
        for m in consumer.consume(1000, 1):
            if m.error() is None:
                out.write(b"%d\t%d\t%s\t%s\n" % (m.partition(), m.offset(), m.key(), m.value()))
            elif m.error().code() == KafkaError._PARTITION_EOF:
                left.discard(m.partition())
            else:
                raise KafkaException(m.error())
    consumer.close()


if __name__ == "__main__":
    {"produce": produce, "consume": consume}[sys.argv[1]](*sys.argv[2:])
