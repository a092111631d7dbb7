package dev.headgate.jetty;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** One request of a client, in either version, step by step. */
interface ClientSide {
  /** A response's head. */
  interface Head {
    int status();

    String get(String name);
  }

  /** Sends a head; {@code body} says whether a body follows, whose length no field tells. */
  ClientSide begin(String method, String path, boolean body, String... fields);

  ClientSide data(String text);

  /** Ends the request, with trailers. */
  ClientSide end(String... trailers);

  /** Reads a head, interim ones too. */
  Head head();

  /** Reads exactly so much of the body. */
  String read(int bytes);

  /** Reads the rest of the body, with the trailers as lines behind it. */
  String rest();

  /** Goes away. */
  void leave();

  /** Waits for an end of the response that can't be taken for a clean one. */
  void awaitBroken();

  /** HTTP/1.1. */
  final class Http1 implements ClientSide {
    private final Wire wire;
    private Wire.Head last;
    private String method;
    private boolean chunked;

    Http1(Wire wire) {
      this.wire = wire;
    }

    @Override
    public ClientSide begin(String asked, String path, boolean body, String... fields) {
      method = asked;
      boolean sized = List.of(fields).stream().anyMatch(f -> f.startsWith("content-length"));
      chunked = body && !sized;
      String extra = chunked ? "Transfer-Encoding: chunked\r\n" : "";
      String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
      wire.send(asked + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + extra + more + "\r\n");
      return this;
    }

    @Override
    public ClientSide data(String text) {
      if (chunked) {
        wire.sendChunk(text);
      } else {
        wire.send(text);
      }
      return this;
    }

    @Override
    public ClientSide end(String... trailers) {
      String lines = trailers.length == 0 ? "" : String.join("\r\n", trailers) + "\r\n";
      if (chunked) wire.send("0\r\n" + lines + "\r\n");
      return this;
    }

    @Override
    public Head head() {
      Wire.Head read = wire.readHead();
      last = read;
      return new Head() {
        @Override
        public int status() {
          return read.status();
        }

        @Override
        public String get(String name) {
          return read.get(name);
        }
      };
    }

    @Override
    public String read(int bytes) {
      if (last.get("Transfer-Encoding") == null) return wire.read(bytes);
      StringBuilder read = new StringBuilder();
      while (read.length() < bytes) {
        String chunk = wire.readChunk();
        if (chunk.isEmpty()) throw new AssertionError("the body ended after " + read);
        read.append(chunk);
      }
      return read.toString();
    }

    @Override
    public String rest() {
      boolean none = method.equals("HEAD") || last.status() == 204 || last.status() == 304;
      return none ? "" : wire.readBody(last);
    }

    @Override
    public void leave() {
      wire.close();
    }

    @Override
    public void awaitBroken() {
      String rest;
      try {
        rest = wire.readAll();
      } catch (UncheckedIOException e) {
        return;
      }
      if (last.get("Transfer-Encoding") != null && rest.endsWith("0\r\n\r\n")) {
        throw new AssertionError("a clean end: " + rest);
      }
    }
  }

  /** A stream of HTTP/2. */
  final class Http2 implements ClientSide {
    private final Frames frames;
    private final int stream;
    private boolean ended;
    private final StringBuilder ahead = new StringBuilder();

    Http2(Frames frames, int stream) {
      this.frames = frames;
      this.stream = stream;
    }

    @Override
    public ClientSide begin(String method, String path, boolean body, String... fields) {
      List<String> all =
          new ArrayList<>(
              List.of(
                  ":method: " + method,
                  ":scheme: http",
                  ":authority: localhost",
                  ":path: " + path));
      for (String field : fields) {
        int colon = field.indexOf(':');
        all.add(
            field.substring(0, colon).toLowerCase(java.util.Locale.ROOT) + field.substring(colon));
      }
      frames.head(stream, !body, all.toArray(String[]::new));
      return this;
    }

    @Override
    public ClientSide data(String text) {
      frames.data(stream, false, text);
      return this;
    }

    @Override
    public ClientSide end(String... trailers) {
      if (trailers.length == 0) {
        frames.data(stream, true, "");
      } else {
        frames.head(stream, true, trailers);
      }
      return this;
    }

    @Override
    public Head head() {
      Frames.Frame head = frames.of(stream);
      if (head.type() != Frames.HEADERS) throw new AssertionError("no head: " + head);
      ended = head.ends();
      return new Head() {
        @Override
        public int status() {
          return head.status();
        }

        @Override
        public String get(String name) {
          return head.get(name.toLowerCase(java.util.Locale.ROOT));
        }
      };
    }

    @Override
    public String read(int bytes) {
      while (ahead.length() < bytes) {
        Frames.Frame frame = frames.of(stream);
        if (frame.type() != Frames.DATA) throw new AssertionError("no data: " + frame);
        ahead.append(frame.text());
        ended |= frame.ends();
      }
      String read = ahead.substring(0, bytes);
      ahead.delete(0, bytes);
      return read;
    }

    @Override
    public String rest() {
      return ended ? ahead.toString() : ahead + frames.body(stream);
    }

    @Override
    public void leave() {
      frames.reset(stream, Frames.CANCEL);
    }

    @Override
    public void awaitBroken() {
      if (ended) throw new AssertionError("the stream had ended");
      Frames.Frame frame = frames.of(stream);
      while (frame.type() == Frames.DATA && !frame.ends()) frame = frames.of(stream);
      if (frame.type() != Frames.RST_STREAM || frame.code() != Frames.INTERNAL_ERROR) {
        throw new AssertionError("no reset: " + frame);
      }
    }
  }
}
