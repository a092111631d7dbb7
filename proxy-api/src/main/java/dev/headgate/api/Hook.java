package dev.headgate.api;

/** The hooks of {@link Interceptor}, as values. */
public enum Hook {
  /** {@link Interceptor#onProxyStart}. */
  PROXY_START("onProxyStart"),
  /** {@link Interceptor#onProxyStop}. */
  PROXY_STOP("onProxyStop"),
  /** {@link Interceptor#onRequest}. */
  REQUEST("onRequest"),
  /** {@link Interceptor#onConnect}. */
  CONNECT("onConnect"),
  /** {@link Interceptor#onRequestChunk}. */
  REQUEST_CHUNK("onRequestChunk"),
  /** {@link Interceptor#onResponseHeaders}. */
  RESPONSE_HEADERS("onResponseHeaders"),
  /** {@link Interceptor#onResponseChunk}. */
  RESPONSE_CHUNK("onResponseChunk"),
  /** {@link Interceptor#onResponseComplete}. */
  RESPONSE_COMPLETE("onResponseComplete"),
  /** {@link Interceptor#onError}. */
  ERROR("onError");

  private final String methodName;

  Hook(String methodName) {
    this.methodName = methodName;
  }

  /**
   * Returns the name of the hook's method.
   *
   * @return for example {@code onRequest}
   */
  public String methodName() {
    return methodName;
  }
}
