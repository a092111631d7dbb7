package dev.headgate.jetty;

/**
 * The backend with sockets whose kernel buffers are as small as they are said to be, so that bounds
 * of back-pressure are those of the proxy and not of a kernel that tunes itself.
 */
final class SmallSockets {
  private static final int BUFFER_BYTES = 256 * 1024;

  private SmallSockets() {}

  static JettyBackend backend() {
    return new JettyBackend(
        options -> {
          EngineParts usual = EngineParts.defaults(options);
          return new EngineParts(usual.buffers(), usual.tls(), BUFFER_BYTES);
        });
  }
}
