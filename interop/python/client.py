"""produce ADDR TOPIC CODEC, consume ADDR TOPIC, load ADDR TOPIC PARTITIONS FIRST, or member ADDR TOPIC GROUP
PROTOCOL: see doc.go."""

import signal
import sys
import threading
import time

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


def load(addr, topic, partitions, first):
    """Sends values from FIRST on until its input ends; says of each when it was sent and answered (ns),
    its number, partition, offset (-1: not known, as for a retry that was there already), and what went wrong."""
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    producer = Producer({"bootstrap.servers": addr, "enable.idempotence": True, "linger.ms": 0, "log_level": 2,
                         "message.timeout.ms": 120000, "queue.buffering.max.messages": 200})

    def delivered(n, sent):
        def done(error, m):
            print(sent, time.time_ns(), n, m.partition(), -1 if m.offset() is None else m.offset(), error or "")
        return done

    n = 0
    while not over.is_set():
        sent = time.time_ns()
        try:
            producer.produce(topic, b"%d %s" % (int(first) + n, b"x" * 100), partition=n % int(partitions),
                             on_delivery=delivered(n, sent))
            n += 1
        except BufferError:
            pass
        producer.poll(0.005)
    sys.exit(producer.flush(120))


def member(addr, topic, group, protocol):
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    config = {"bootstrap.servers": addr, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
              "group.protocol": protocol, "log_level": 2}
    if protocol == "classic":
        config.update({"session.timeout.ms": 6000, "heartbeat.interval.ms": 500})
    consumer = Consumer(config)
    consumer.subscribe([topic])
    while not over.is_set():
        taken = [m for m in consumer.consume(100, 0.2) if m.error() is None]
        for m in taken:
            print(m.partition(), m.offset(), sep="\t", flush=True)
        try:
            if taken:
                consumer.commit(asynchronous=False)
        except KafkaException as e:
            print(f"commit: {e}", file=sys.stderr)
    consumer.close()


if __name__ == "__main__":
    {"produce": produce, "consume": consume, "load": load, "member": member}[sys.argv[1]](*sys.argv[2:])
