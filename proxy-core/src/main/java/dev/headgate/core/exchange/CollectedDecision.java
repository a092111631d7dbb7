package dev.headgate.core.exchange;

import dev.headgate.api.body.CollectedBody;
import dev.headgate.core.body.BodyCollector;
import dev.headgate.core.body.BytesSource;
import dev.headgate.core.chain.Link;
import dev.headgate.core.coding.CodingChain;
import dev.headgate.core.coding.DecodingLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;

/**
 * A decision that a plugin takes on a whole body: puts the collected body back, then gives it to
 * the plugin, without content coding if it asked for that.
 *
 * @param <D> the type of decision
 */
final class CollectedDecision<D> implements BodyCollector.Result {
  private final HeadHooks<D> hooks;
  private final Link link;
  private final int maxBytes;
  private final Function<? super CollectedBody, ? extends D> then;

  CollectedDecision(
      HeadHooks<D> hooks,
      Link link,
      int maxBytes,
      Function<? super CollectedBody, ? extends D> then) {
    this.hooks = hooks;
    this.link = link;
    this.maxBytes = maxBytes;
    this.then = then;
  }

  @Override
  public void collected(ByteBuffer body) {
    hooks.restore(body.duplicate());
    give(body);
  }

  @Override
  public void tooLarge() {
    hooks.tooLarge(link, maxBytes);
  }

  @Override
  public void failed(Throwable reason) {
    hooks.bodyFailed(reason);
  }

  private void give(ByteBuffer raw) {
    Optional<CodingChain> codings = coding();
    if (codings.isPresent() && codings.get().isIdentity()) {
      hooks.decideOn(link, then, raw);
      return;
    }
    if (codings.isEmpty()) {
      hooks.resume(link, null, new IOException("the body's content coding can't be decoded"));
      return;
    }
    BodyCollector.collect(
        codings.get().decode(new BytesSource(raw), DecodingLimits.NONE),
        maxBytes,
        new BodyCollector.Result() {
          @Override
          public void collected(ByteBuffer plain) {
            hooks.decideOn(link, then, plain);
          }

          @Override
          public void tooLarge() {
            hooks.tooLarge(link, maxBytes);
          }

          @Override
          public void failed(Throwable reason) {
            hooks.resume(link, null, reason);
          }
        });
  }

  /** The codings to take off for the plugin; empty when one of them is not known. */
  private Optional<CodingChain> coding() {
    String coding = link.metadata.plainText() ? PlainText.encoding(hooks.headers()) : null;
    return hooks.exchange.environment().codings().find(coding);
  }
}
