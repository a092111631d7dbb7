package dev.headgate.jetty;

import dev.headgate.tck.BackendTck;
import dev.headgate.tck.lab.TckEnvironment;
import dev.headgate.tck.lab.socket.SocketEnvironment;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The contract once more, with clients of HTTP/2. */
class Http2TckTest extends BackendTck {
  /**
   * What these rules look at is of HTTP/1.1: the version in Via, a transfer coding, and the version
   * in the echo of TRACE.
   */
  private static final Set<String> OF_HTTP_1 = Set.of("H-03", "H-13", "H-34");

  @Override
  protected TckEnvironment environment() {
    return new SocketEnvironment(new Http2Front(SmallSockets.backend()));
  }

  @Override
  @TestFactory
  protected Stream<DynamicContainer> rules() {
    return super.rules()
        .map(
            group ->
                DynamicContainer.dynamicContainer(
                    group.getDisplayName(),
                    group.getChildren().filter(Http2TckTest::concernsHttp2)));
  }

  private static boolean concernsHttp2(DynamicNode rule) {
    return !OF_HTTP_1.contains(rule.getDisplayName().substring(0, 4));
  }
}
