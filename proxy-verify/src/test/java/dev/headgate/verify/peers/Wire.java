package dev.headgate.verify.peers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The bytes of one connection as HTTP/1.1 (RFC 9112), read strictly: what is odd fails. */
final class Wire extends FilterInputStream {
  Wire(InputStream in) {
    super(new BufferedInputStream(in));
  }

  /** Reads a line that ends with CR LF; null if the stream is at its end. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = read(); b != '\n'; b = read()) {
      if (b < 0 && line.size() == 0) return null;
      if (b < 0) throw new EOFException("in a line: " + line.toString(StandardCharsets.ISO_8859_1));
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\r")) throw new IOException("a line ends without CR: " + text);
    return text.substring(0, text.length() - 1);
  }

  /** Returns the bytes of a body in chunks, without the coding; its trailers are dropped. */
  InputStream chunked() {
    return new Chunked();
  }

  /** Returns the bytes of a body of a known length. */
  InputStream sized(long length) {
    return new Sized(length);
  }

  private final class Sized extends InputStream {
    private long left;

    Sized(long length) {
      left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (left == 0) return -1;
      int n = Wire.this.read(to, offset, (int) Math.min(length, left));
      if (n < 0) throw new EOFException(left + " bytes of the body are missing");
      left -= n;
      return n;
    }
  }

  private final class Chunked extends InputStream {
    private InputStream chunk = InputStream.nullInputStream();
    private boolean begun;
    private boolean ended;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (ended || length == 0) return ended ? -1 : 0;
      int n = chunk.read(to, offset, length);
      if (n >= 0) return n;
      nextChunk();
      return ended ? -1 : chunk.read(to, offset, length);
    }

    private void nextChunk() throws IOException {
      if (begun && !"".equals(line())) throw new IOException("a chunk does not end with CR LF");
      begun = true;
      String size = line();
      if (size == null) throw new EOFException("the last chunk is missing");
      chunk = sized(Long.parseLong(size.split(";", 2)[0].strip(), 16));
      if (!size.split(";", 2)[0].strip().matches("0+")) return;
      for (String trailer = line(); !"".equals(trailer); trailer = line()) {
        if (trailer == null) throw new EOFException("the end of the trailers is missing");
      }
      ended = true;
    }
  }
}
