import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** produce ADDR TOPIC CODEC, consume ADDR TOPIC, or member ADDR TOPIC GROUP PROTOCOL: see doc.go. */
public class Client {
    public static void main(String[] args) throws Exception {
        if (args[0].equals("produce")) {
            produce(args[1], args[2], args[3]);
        } else if (args[0].equals("consume")) {
            consume(args[1], args[2]);
        } else {
            member(args[1], args[2], args[3], args[4]);
        }
    }

    static void produce(String addr, String topic, String codec) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", addr, "compression.type", codec,
            "enable.idempotence", true, "acks", "all", "linger.ms", 5);
        AtomicReference<Exception> failed = new AtomicReference<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (String line; (line = in.readLine()) != null; ) {
                String[] parts = line.split("\t", 2);
                producer.send(new ProducerRecord<>(topic, parts[0], parts[1]),
                    (told, error) -> failed.compareAndSet(null, error));
            }
            producer.flush();
        }
        if (failed.get() != null) {
            throw failed.get();
        }
    }

    static void consume(String addr, String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", addr, "auto.offset.reset", "none",
            "enable.auto.commit", false);
        PrintWriter out = new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out)));
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> parts = consumer.partitionsFor(topic).stream()
                .map(p -> new TopicPartition(topic, p.partition())).collect(Collectors.toList());
            consumer.assign(parts);
            consumer.seekToBeginning(parts);
            Map<TopicPartition, Long> ends = consumer.endOffsets(parts);
            while (parts.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofSeconds(1))) {
                    out.print(r.partition() + "\t" + r.offset() + "\t" + r.key() + "\t" + r.value() + "\n");
                }
            }
        }
        out.flush();
    }

    static void member(String addr, String topic, String group, String protocol) throws Exception {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", addr, "group.id", group,
            "auto.offset.reset", "earliest", "enable.auto.commit", false, "group.protocol", protocol));
        if (protocol.equals("classic")) {
            config.put("session.timeout.ms", 6000);
            config.put("heartbeat.interval.ms", 500);
        }
        var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            consumer.wakeup();
            try {
                main.join(10000);
            } catch (InterruptedException e) {
                // the process ends anyway
            }
        }));
        try {
            consumer.subscribe(List.of(topic));
            while (true) {
                var taken = consumer.poll(Duration.ofMillis(200));
                for (ConsumerRecord<String, String> r : taken) {
                    System.out.println(r.partition() + "\t" + r.offset());
                }
                try {
                    if (!taken.isEmpty()) {
                        consumer.commitSync();
                    }
                } catch (CommitFailedException | RebalanceInProgressException e) {
                    System.err.println("commit: " + e.getMessage());
                }
            }
        } catch (WakeupException e) {
            // it is told to end
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }
    }
}
