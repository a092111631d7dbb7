package dev.headgate.core.exchange;

import dev.headgate.api.DirectResponse;
import dev.headgate.api.Hook;
import dev.headgate.api.error.ErrorCode;
import dev.headgate.api.error.Phase;
import dev.headgate.api.error.ProxyError;
import dev.headgate.api.error.ProxyFault;
import dev.headgate.core.body.BytesSource;
import dev.headgate.core.body.PublisherSource;
import dev.headgate.core.chain.Link;
import dev.headgate.core.spi.BodySource;
import dev.headgate.core.spi.ProxyErrorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of an answer of a plugin's or handler's, who answers for it: where it fails, that is a
 * fault of theirs, and ends the exchange whatever the policy, as the response is theirs alone.
 */
final class DirectBody implements PublisherSource.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(DirectBody.class);

  private final Exchange exchange;
  private final Link link;
  private final Hook hook;

  private DirectBody(Exchange exchange, Link link, Hook hook) {
    this.exchange = exchange;
    this.link = link;
    this.hook = hook;
  }

  /**
   * Opens the body of an answer.
   *
   * @param hook in which the answer was given
   */
  static BodySource open(Exchange exchange, Link link, Hook hook, DirectResponse response) {
    if (response.body() instanceof DirectResponse.Stream stream) {
      return new PublisherSource(stream.publisher(), new DirectBody(exchange, link, hook));
    }
    return new BytesSource(((DirectResponse.Bytes) response.body()).bytes());
  }

  @Override
  public Throwable failed(Throwable cause) {
    ProxyError error;
    if (link.isHandler()) {
      // The error's cause is logged where it ends the exchange; whose it is, only here.
      LOG.error(
          "[{}] the body from the handler of route {} failed",
          exchange.facts().requestId(),
          link.id());
      error =
          new ProxyFault(
              ErrorCode.INTERNAL, Phase.SEND_RESPONSE, "The response's body failed.", cause);
    } else {
      exchange.fault(link, hook, cause, "in the body that it published: the response is cut off");
      error = PluginErrors.bodyFailed(link, hook, cause);
    }
    return new ProxyErrorException(error);
  }

  @Override
  public void failedInCancel(Throwable cause) {
    if (link.isHandler()) {
      LOG.warn(
          "[{}] the body from the handler of route {} failed when it was cancelled",
          exchange.facts().requestId(),
          link.id(),
          cause);
    } else {
      exchange.fault(link, hook, cause, "in a body that was cancelled: it was of no use any more");
    }
  }
}
