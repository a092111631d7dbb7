package dev.headgate.jetty;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;

/**
 * One end of a connection of HTTP/2, spoken frame by frame: a client of the proxy, or an origin
 * behind it. Settings and pings are answered, windows opened only where a test asks for it.
 */
final class Frames implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  static final int PADDED = 8;

  static final int NO_ERROR = 0;
  static final int PROTOCOL_ERROR = 1;
  static final int INTERNAL_ERROR = 2;
  static final int FLOW_CONTROL_ERROR = 3;
  static final int STREAM_CLOSED = 5;
  static final int FRAME_SIZE_ERROR = 6;
  static final int REFUSED_STREAM = 7;
  static final int CANCEL = 8;
  static final int COMPRESSION_ERROR = 9;
  static final int ENHANCE_YOUR_CALM = 11;

  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final Socket socket;
  private final DataInputStream in;

  /** Frames of streams beside the one that was asked for. */
  private final List<Frame> ofOthers = new ArrayList<>();

  private final HpackDecoder decoder = new HpackDecoder(1 << 20, System::nanoTime);

  /** A frame as it came; {@link #fields} are those of a whole head. */
  @SuppressWarnings("ArrayRecordComponent") // nobody changes or compares it
  record Frame(int type, int flags, int stream, byte[] payload, List<String> fields) {
    boolean ends() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** The error code of a reset or of a GOAWAY. */
    int code() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    int lastStream() {
      return ByteBuffer.wrap(payload).getInt(0) & Integer.MAX_VALUE;
    }

    String text() {
      return new String(payload, StandardCharsets.ISO_8859_1);
    }

    /** The values of a field, joined with {@code |}; null when there is none. */
    String get(String name) {
      List<String> values = new ArrayList<>();
      for (String field : fields) {
        if (field.startsWith(name + ": ")) values.add(field.substring(name.length() + 2));
      }
      return values.isEmpty() ? null : String.join("|", values);
    }

    int status() {
      String status = get(":status");
      if (status == null) throw new AssertionError("no head: " + this);
      return Integer.parseInt(status);
    }
  }

  Frames(Wire wire) {
    this.socket = wire.socket();
    this.in = new DataInputStream(wire.in());
  }

  /** Connects, and begins as a client does, with settings of the client's. */
  static Frames connect(int port, int... settings) {
    return begin(Wire.connect(port), settings);
  }

  /** Begins as a client does. */
  static Frames begin(Wire wire, int... settings) {
    Frames frames = new Frames(wire);
    return frames.raw(PREFACE.getBytes(StandardCharsets.US_ASCII)).settings(settings);
  }

  /** Takes a connection as an origin does. */
  static Frames accept(Wire wire, int... settings) {
    if (!wire.read(PREFACE.length()).equals(PREFACE)) throw new AssertionError("no preface");
    return new Frames(wire).settings(settings);
  }

  // --- sending

  Frames raw(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the first bytes of some. */
  Frames raw(byte[] bytes, int length) {
    return raw(Arrays.copyOf(bytes, length));
  }

  static byte[] bytes(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    return frame.array();
  }

  Frames send(int type, int flags, int stream, byte[] payload) {
    return raw(bytes(type, flags, stream, payload));
  }

  Frames settings(int... keysAndValues) {
    ByteBuffer payload = ByteBuffer.allocate(keysAndValues.length * 3);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      payload.putShort((short) keysAndValues[i]).putInt(keysAndValues[i + 1]);
    }
    return send(SETTINGS, 0, 0, payload.array());
  }

  /** Fields as literals that enter no table: {@code name: value}, of pseudo fields too. */
  static byte[] block(String... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String field : fields) {
      int colon = field.indexOf(": ", 1);
      out.write(0);
      literal(out, field.substring(0, colon));
      literal(out, field.substring(colon + 2));
    }
    return out.toByteArray();
  }

  private static void literal(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      out.write(bytes.length);
    } else {
      out.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) out.write((rest & 127) | 128);
      out.write(rest);
    }
    out.writeBytes(bytes);
  }

  Frames head(int stream, boolean ends, String... fields) {
    return send(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block(fields));
  }

  Frames get(int stream, String path) {
    return head(
        stream, true, ":method: GET", ":scheme: http", ":authority: localhost", ":path: " + path);
  }

  Frames post(int stream, String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(":method: POST", ":scheme: http", ":authority: localhost", ":path: " + path));
    fields.addAll(List.of(more));
    return head(stream, false, fields.toArray(String[]::new));
  }

  Frames data(int stream, boolean ends, String text) {
    return data(stream, ends, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Frames data(int stream, boolean ends, byte[] bytes) {
    return send(DATA, ends ? END_STREAM : 0, stream, bytes);
  }

  Frames reset(int stream, int code) {
    return send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
  }

  Frames window(int stream, int delta) {
    return send(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(delta).array());
  }

  Frames ping() {
    return send(PING, 0, 0, new byte[8]);
  }

  Frames goAway(int lastStream, int code) {
    return send(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(lastStream).putInt(code).array());
  }

  // --- receiving

  /** Reads the next frame, whatever it is. */
  Frame next() {
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt() & Integer.MAX_VALUE;
      byte[] payload = in.readNBytes(length);
      if (payload.length < length) throw new EOFException("the connection ended inside a frame");
      if (type == SETTINGS && (flags & ACK) == 0) send(SETTINGS, ACK, 0, new byte[0]);
      if (type == PING && (flags & ACK) == 0) send(PING, ACK, 0, payload);
      if (type != HEADERS) return new Frame(type, flags, stream, payload, List.of());
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      block.writeBytes(payload);
      boolean whole = (flags & END_HEADERS) != 0;
      while (!whole) {
        Frame more = next();
        block.writeBytes(more.payload());
        whole = (more.flags() & END_HEADERS) != 0;
      }
      return new Frame(type, flags, stream, payload, decode(block.toByteArray()));
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no frame came", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> decode(byte[] block) {
    try {
      MetaData head = decoder.decode(ByteBuffer.wrap(block));
      List<String> fields = new ArrayList<>();
      if (head instanceof MetaData.Response response)
        fields.add(":status: " + response.getStatus());
      if (head instanceof MetaData.Request request) {
        fields.add(":method: " + request.getMethod());
        fields.add(":path: " + request.getHttpURI().getPathQuery());
        fields.add(":authority: " + request.getHttpURI().getAuthority());
        fields.add(":scheme: " + request.getHttpURI().getScheme());
        if (request.getProtocol() != null) fields.add(":protocol: " + request.getProtocol());
      }
      for (HttpField field : head.getHttpFields()) {
        fields.add(field.getName() + ": " + field.getValue());
      }
      return fields;
    } catch (Exception e) {
      throw new AssertionError("a head that can't be decoded", e);
    }
  }

  /** Reads until a frame of a type comes, and drops what comes before. */
  Frame await(int type) {
    Frame before = take(frame -> frame.type() == type);
    if (before != null) return before;
    while (true) {
      Frame frame = next();
      if (frame.type() == type) return frame;
      if (frame.type() == GOAWAY) throw new AssertionError("GOAWAY with " + frame.code());
    }
  }

  private Frame take(Predicate<Frame> wanted) {
    for (Iterator<Frame> frames = ofOthers.iterator(); frames.hasNext(); ) {
      Frame frame = frames.next();
      if (!wanted.test(frame)) continue;
      frames.remove();
      return frame;
    }
    return null;
  }

  /** Reads until a frame of a stream comes, window updates aside; those of others are kept. */
  Frame of(int stream) {
    Frame before = take(frame -> frame.stream() == stream);
    if (before != null) return before;
    while (true) {
      Frame frame = next();
      boolean counts = frame.stream() != 0 && frame.type() != WINDOW_UPDATE;
      if (frame.stream() == stream && counts) return frame;
      if (counts) ofOthers.add(frame);
      if (frame.type() == GOAWAY && frame.code() != NO_ERROR) {
        throw new AssertionError("GOAWAY with " + frame.code());
      }
    }
  }

  /** Reads a stream's body to its end, and returns it with the trailers. */
  String body(int stream) {
    StringBuilder body = new StringBuilder();
    while (true) {
      Frame frame = of(stream);
      if (frame.type() == RST_STREAM) throw new AssertionError("reset with " + frame.code());
      if (frame.type() == DATA) body.append(frame.text());
      for (String trailer : frame.fields()) body.append("\n").append(trailer);
      if (frame.ends()) return body.toString();
    }
  }

  /** Reads to the connection's end, and returns the code of the GOAWAY before it. */
  int awaitGoAway() {
    int code = -1;
    try {
      while (true) {
        Frame frame = next();
        if (frame.type() == GOAWAY) code = frame.code();
      }
    } catch (UncheckedIOException e) {
      return code;
    }
  }

  /** Waits for the connection's end. */
  void awaitEnd() {
    try {
      while (in.read() >= 0) {
        // drop
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection is still open", e);
    } catch (IOException e) {
      // Reset: an end, too.
    }
  }

  void abort() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
