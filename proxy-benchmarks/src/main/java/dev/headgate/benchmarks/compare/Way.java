package dev.headgate.benchmarks.compare;

/** How clients speak to a peer, and so how it is set up. */
enum Way {
  /** HTTP/1.1 in cleartext, both ways. */
  PLAIN,
  /** A tunnel, which clients open by CONNECT. */
  TUNNEL,
  /** HTTP/2 over TLS; HTTP/1.1 in cleartext to the upstream. */
  SECURE,
  /** HTTP/2 in cleartext with prior knowledge, both ways. */
  GRPC;

  /** Says it to a program of this module. */
  String argument() {
    return name();
  }
}
