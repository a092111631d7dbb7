package dev.headgate.core.exchange;

import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.api.error.UpstreamFault;
import dev.headgate.core.coding.CodingException;
import dev.headgate.core.spi.ProxyErrorException;

/** What is told of a response whose body broke (rule 22). */
final class ResponseErrors {
  private ResponseErrors() {}

  static ProxyError broken(Throwable reason, boolean fromUpstream) {
    if (reason instanceof ProxyErrorException wrapped) return wrapped.error();
    if (!fromUpstream) {
      return new ProxyFault(
          ErrorCode.INTERNAL, Phase.SEND_RESPONSE, "The response's body failed.", reason);
    }
    if (reason instanceof CodingException) {
      return new UpstreamFault(
          ErrorCode.UPSTREAM_PROTOCOL,
          Phase.SEND_RESPONSE,
          "The response's content coding is broken.",
          false,
          reason);
    }
    return new UpstreamFault(
        ErrorCode.UPSTREAM_ABORTED,
        Phase.SEND_RESPONSE,
        "The upstream ended its response early.",
        false,
        reason);
  }
}
