package dev.headgate.jetty.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.api.http.HttpVersion;
import dev.headgate.core.http.BadTargetException;
import dev.headgate.core.http.HeaderList;
import dev.headgate.core.http.RequestTarget;
import dev.headgate.core.spi.Content;
import dev.headgate.core.spi.ListenOptions;
import dev.headgate.jetty.http1.BrokenBodyException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests that were mutated at random: what is read does not depend on how the bytes arrive, and
 * whatever is accepted is read by an independent strict parser (Jetty's) in the same way.
 */
class RequestFuzzTest {
  private static final int CASES = Integer.getInteger("headgate.test.fuzz", 30_000);
  private static final long SEED = 20_261_121;

  private static final ListenOptions OPTIONS =
      new ListenOptions(
          new InetSocketAddress(0), 200, 600, 1000, Duration.ofSeconds(1), Duration.ofSeconds(1));

  private static final String CHUNKS =
      "3;a=b\r\nabc\r\n0a\r\n0123456789\r\n0\r\nX-T: t\r\nY: z\r\n\r\n";

  private static final String[] SEEDS = {
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /a?b=c HTTP/1.1\r\nHost: a:80\r\nAccept: */*\r\nUser-Agent: x y\r\n\r\n",
    "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "POST /p HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n" + CHUNKS,
    "PUT /p HTTP/1.0\r\nHost: a\r\nContent-Length: 2\r\nX:\r\nY: \t z \t\r\n\r\nhi",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: " + "v".repeat(300) + "\r\n\r\n",
  };

  private static final String[] BITS = {
    "\r\n",
    "\n",
    "\r",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "0",
    "1",
    "f",
    "-",
    "+",
    "\u0000",
    "\u007f",
    "\u00e9",
    "chunked",
    "Content-Length: 3\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Host: b\r\n",
    "HTTP/1.0",
    "HTTP/1.1",
    "gzip, chunked",
    "x: y\r\n",
    " z\r\n",
    "0\r\n\r\n",
    "\"",
    "{",
    "5 ;x"
  };

  private static final Pattern PLAIN_HOST =
      Pattern.compile("^host=[a-z]*(:[1-9][0-9]?)?$", Pattern.MULTILINE);

  /** What was read of one request. */
  private record Reading(
      String method, String target, String fields, boolean whole, String body, String trailers) {}

  private final ArrayByteBufferPool.Tracking pool = new ArrayByteBufferPool.Tracking();

  @Test
  @Timeout(300) // thousands of cases
  void readsAlikeHoweverItArrivesAndAsAnotherStrictParser() throws IOException {
    Random random = new Random(SEED);
    int accepted = 0;
    for (int i = 0; i < CASES; i++) {
      byte[] request = mutate(random);
      String shown = "case " + i + ": " + escape(request);
      Reading atOnce = read(request, List.of(request.length));
      Reading inParts = read(request, parts(request.length, random));
      assertEquals(atOnce, inParts, shown);
      if (atOnce == null) continue;
      accepted++;
      Reading other = readByJetty(request);
      // Hosts are the core's to check, and Jetty's parser has other ideas of some.
      if (!PLAIN_HOST.matcher(atOnce.fields()).find()) continue;
      // Jetty's parser reads chunk extensions; here they are passed over, whatever they say.
      if (atOnce.whole() && !other.whole() && shown.contains(";")) continue;
      assertEquals(other, atOnce, shown);
    }
    assertTrue(accepted > CASES / 10 && accepted < CASES * 9 / 10, "accepted " + accepted);
    assertEquals(List.of(), List.copyOf(pool.getLeaks()), pool::dumpLeaks);
  }

  private static byte[] mutate(Random random) {
    StringBuilder text = new StringBuilder(SEEDS[random.nextInt(SEEDS.length)]);
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(5)) {
        case 0 -> text.insert(at, BITS[random.nextInt(BITS.length)]);
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.setCharAt(at, (char) random.nextInt(256));
        case 3 -> {
          String bit = BITS[random.nextInt(BITS.length)];
          text.replace(at, Math.min(text.length(), at + bit.length()), bit);
        }
        default -> {
          int end = Math.min(text.length(), at + random.nextInt(30));
          text.insert(random.nextInt(text.length()), text.substring(at, end));
        }
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static List<Integer> parts(int length, Random random) {
    List<Integer> ends = new ArrayList<>();
    int at = 0;
    while (at < length) {
      at = Math.min(length, at + 1 + random.nextInt(random.nextBoolean() ? 3 : 60));
      ends.add(at);
    }
    return ends;
  }

  /**
   * Reads it with bytes coming up to each of these ends; null when the head is refused or short.
   */
  private Reading read(byte[] request, List<Integer> ends) throws IOException {
    RequestReader reader = new RequestReader(pool, OPTIONS);
    ByteArrayEndPoint endPoint = new ByteArrayEndPoint();
    StringBuilder body = new StringBuilder();
    boolean head = false;
    boolean whole = false;
    String fields = null;
    int begin = 0;
    try {
      for (int end : ends) {
        endPoint.addInput(ByteBuffer.wrap(request, begin, end - begin).slice());
        begin = end;
        do {
          reader.fill(endPoint, false);
          if (!head) {
            head = reader.readHead();
            if (head) {
              fields = text(reader.headers());
              // The core checks target and Host, as Jetty's parser does.
              RequestLine line = reader.line();
              RequestTarget.parse(
                  line.method(), line.target(), line.version(), "http", reader.headers());
            }
          }
          if (head && !whole) whole = drain(reader, body);
        } while (!whole && endPoint.hasMore());
      }
      if (!head) return null;
    } catch (Rejection | BadTargetException e) {
      return null;
    } catch (BrokenBodyException e) {
      whole = false;
    } finally {
      reader.release();
    }
    RequestLine line = reader.line();
    HeaderList trailers = whole ? reader.trailers() : null;
    return new Reading(
        line.method(),
        line.target(),
        fields,
        whole,
        whole ? body.toString() : "",
        trailers == null ? "" : text(trailers));
  }

  private static boolean drain(RequestReader reader, StringBuilder body)
      throws BrokenBodyException {
    while (!reader.ended()) {
      Content content = reader.readContent();
      if (content == null) return reader.ended();
      body.append(StandardCharsets.ISO_8859_1.decode(content.bytes()));
      content.release();
    }
    return true;
  }

  private static String text(HeaderList fields) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) append(text, fields.name(i), fields.value(i));
    return text.toString();
  }

  private static void append(StringBuilder text, String name, String value) {
    // Jetty's parser puts known fields and values into their usual spelling.
    String line = name + '=' + value + '\n';
    text.append(line.toLowerCase(Locale.ROOT));
  }

  /** The second opinion. */
  private static Reading readByJetty(byte[] request) {
    JettyReading reading = new JettyReading();
    HttpParser parser = new HttpParser(reading, 10_000, HttpCompliance.STRICT);
    ByteBuffer in = ByteBuffer.wrap(request);
    // Our reader skips empty lines first; its limit of one buffer is not Jetty's.
    while (in.hasRemaining() && !reading.ended && !reading.refused) parser.parseNext(in);
    boolean whole = reading.ended && !reading.refused;
    return new Reading(
        reading.method,
        reading.target,
        reading.head ? reading.fields.toString() : null,
        whole,
        whole ? reading.body.toString() : "",
        whole ? reading.trailers.toString() : "");
  }

  private static final class JettyReading implements HttpParser.RequestHandler {
    private final StringBuilder fields = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder trailers = new StringBuilder();
    private String method;
    private String target;
    private boolean head;
    private boolean ended;
    private boolean refused;

    @Override
    public void startRequest(
        String newMethod, String uri, org.eclipse.jetty.http.HttpVersion version) {
      method = newMethod;
      target = uri;
      assertTrue(version.getVersion() >= 10, HttpVersion.HTTP_1_1.name());
    }

    @Override
    public void parsedHeader(HttpField field) {
      append(fields, field.getName(), field.getValue() == null ? "" : field.getValue());
    }

    @Override
    public boolean headerComplete() {
      head = true;
      return false;
    }

    @Override
    public boolean content(ByteBuffer content) {
      body.append(StandardCharsets.ISO_8859_1.decode(content));
      return false;
    }

    @Override
    public boolean contentComplete() {
      return false;
    }

    @Override
    public void parsedTrailer(HttpField field) {
      append(trailers, field.getName(), field.getValue() == null ? "" : field.getValue());
    }

    @Override
    public boolean messageComplete() {
      ended = true;
      return true;
    }

    @Override
    public void earlyEOF() {
      refused = true;
    }

    @Override
    public void badMessage(HttpException failure) {
      refused = true;
    }
  }

  private static String escape(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      if (b == '\r') text.append("\\r");
      else if (b == '\n') text.append("\\n");
      else if (b < ' ' || b == 0x7f) text.append(String.format("\\x%02x", b & 0xff));
      else text.append((char) b);
    }
    return text.toString();
  }
}
