package dev.headgate.core.tls;

/** Whether clients are asked who they are. */
public enum ClientCertificates {
  /** They are not asked. */
  NONE,
  /** They are asked, and may show none. One that is shown must be trusted. */
  WANTED,
  /** They must show one that is trusted; else there is no connection. */
  REQUIRED
}
