package dev.headgate.jetty;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** One request as an origin sees it, in either version, and its answer, step by step. */
interface OriginSide {
  /** Reads the request's head: its method and path, then its fields. */
  String line();

  /** Returns a field of the request's head. */
  String get(String name);

  /** Reads exactly so much of the body. */
  String read(int bytes);

  /** Reads the rest of the body, with the trailers as lines behind it. */
  String rest();

  OriginSide interim(int status, String... fields);

  /** Sends a head; {@code body} says whether a body follows. */
  OriginSide respond(int status, boolean body, String... fields);

  OriginSide data(String text);

  OriginSide end(String... trailers);

  /** Breaks off. */
  void leave();

  /** Waits until the request was broken off. */
  void awaitBroken();

  /** HTTP/1.1. */
  final class Http1 implements OriginSide {
    private final Wire wire;
    private Wire.Head head;
    private boolean chunked;

    Http1(Wire wire) {
      this.wire = wire;
    }

    @Override
    public String line() {
      head = wire.readHead();
      return head.line().replace(" HTTP/1.1", "");
    }

    @Override
    public String get(String name) {
      return head.get(name);
    }

    @Override
    public String read(int bytes) {
      if (head.get("Transfer-Encoding") == null) return wire.read(bytes);
      StringBuilder read = new StringBuilder();
      while (read.length() < bytes) read.append(wire.readChunk());
      return read.toString();
    }

    @Override
    public String rest() {
      boolean none = head.get("Transfer-Encoding") == null && head.get("Content-Length") == null;
      return none ? "" : wire.readBody(head);
    }

    private static String lines(String... fields) {
      return fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    }

    @Override
    public OriginSide interim(int status, String... fields) {
      wire.send("HTTP/1.1 " + status + " Interim\r\n" + lines(fields) + "\r\n");
      return this;
    }

    @Override
    public OriginSide respond(int status, boolean body, String... fields) {
      boolean sized = List.of(fields).stream().anyMatch(f -> f.startsWith("content-length"));
      chunked = body && !sized;
      String framing = chunked ? "Transfer-Encoding: chunked\r\n" : "";
      if (!body && !sized && status != 204 && status != 304) framing = "Content-Length: 0\r\n";
      wire.send("HTTP/1.1 " + status + " Fine\r\n" + framing + lines(fields) + "\r\n");
      return this;
    }

    @Override
    public OriginSide data(String text) {
      if (chunked) {
        wire.sendChunk(text);
      } else {
        wire.send(text);
      }
      return this;
    }

    @Override
    public OriginSide end(String... trailers) {
      if (chunked) wire.send("0\r\n" + lines(trailers) + "\r\n");
      return this;
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
      if (rest.endsWith("0\r\n\r\n")) throw new AssertionError("a clean end: " + rest);
    }
  }

  /** A stream of HTTP/2. */
  final class Http2 implements OriginSide {
    private final Frames frames;
    private final int stream;
    private Frames.Frame head;
    private boolean ended;

    /** Takes the next stream, or one that is known. */
    Http2(Frames frames, int stream) {
      this.frames = frames;
      this.stream = stream;
    }

    @Override
    public String line() {
      head = frames.of(stream);
      ended = head.ends();
      return head.get(":method") + " " + head.get(":path");
    }

    @Override
    public String get(String name) {
      return head.get(name.equals("Host") ? ":authority" : name.toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public String read(int bytes) {
      StringBuilder read = new StringBuilder();
      while (read.length() < bytes) {
        Frames.Frame frame = frames.of(stream);
        if (frame.type() != Frames.DATA) throw new AssertionError("no data: " + frame);
        read.append(frame.text());
        ended |= frame.ends();
      }
      return read.toString();
    }

    @Override
    public String rest() {
      return ended ? "" : frames.body(stream);
    }

    private void send(boolean ends, int status, String... fields) {
      List<String> all = new ArrayList<>(List.of(":status: " + status));
      all.addAll(List.of(fields));
      frames.head(stream, ends, all.toArray(String[]::new));
    }

    @Override
    public OriginSide interim(int status, String... fields) {
      send(false, status, fields);
      return this;
    }

    @Override
    public OriginSide respond(int status, boolean body, String... fields) {
      send(!body, status, fields);
      return this;
    }

    @Override
    public OriginSide data(String text) {
      frames.data(stream, false, text);
      return this;
    }

    @Override
    public OriginSide end(String... trailers) {
      if (trailers.length == 0) {
        frames.data(stream, true, "");
      } else {
        frames.head(stream, true, trailers);
      }
      return this;
    }

    @Override
    public void leave() {
      frames.reset(stream, Frames.INTERNAL_ERROR);
    }

    @Override
    public void awaitBroken() {
      Frames.Frame frame = frames.of(stream);
      while (frame.type() == Frames.DATA && !frame.ends()) frame = frames.of(stream);
      if (frame.type() != Frames.RST_STREAM || frame.code() != Frames.CANCEL) {
        throw new AssertionError("no reset: " + frame);
      }
    }
  }
}
