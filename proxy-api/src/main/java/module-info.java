/**
 * All that the author of a Headgate plugin sees: the plugin contract, and nothing that implements
 * it.
 *
 * <p>Start with {@link dev.headgate.api.ProxyPlugin} and {@link dev.headgate.api.Interceptor}.
 */
module dev.headgate.api {
  requires static transitive org.jspecify;
  requires transitive org.slf4j;

  exports dev.headgate.api;
  exports dev.headgate.api.body;
  exports dev.headgate.api.error;
  exports dev.headgate.api.http;
}
