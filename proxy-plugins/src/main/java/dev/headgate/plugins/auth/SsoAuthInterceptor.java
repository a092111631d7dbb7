package dev.headgate.plugins.auth;

import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.ResponseDecision;
import dev.headgate.api.http.RequestHead;
import dev.headgate.api.http.ResponseHead;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Adds the cookies to the requests of one proxy. */
final class SsoAuthInterceptor implements Interceptor {
  private final CredentialsCache cache;
  private final PathPrefixes paths;
  private final BitSet reloadOn;

  SsoAuthInterceptor(CredentialsCache cache, PathPrefixes paths, BitSet reloadOn) {
    this.cache = cache;
    this.paths = paths;
    this.reloadOn = reloadOn;
  }

  @Override
  public RequestDecision onRequest(ProxyContext ctx) {
    RequestHead request = ctx.request();
    if (!paths.include(request.path())) return RequestDecision.proceed();
    SessionCookies cookies = cache.fresh();
    if (cookies == null) return load(request);
    cookies.addTo(request);
    return RequestDecision.proceed();
  }

  private RequestDecision load(RequestHead request) {
    CompletableFuture<SessionCookies> loading = cache.load();
    if (!loading.isDone()) {
      // A stage of its own for each request: what the engine does to one must not reach the others.
      return RequestDecision.later(loading.thenApply(SessionCookies::decision));
    }
    SessionCookies cookies;
    try {
      cookies = loading.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof CredentialsException cause ? cause : e;
    }
    if (cookies.present()) cookies.addTo(request);
    return RequestDecision.proceed();
  }

  @Override
  public ResponseDecision onResponseHeaders(ProxyContext ctx) {
    ResponseHead response = ctx.response();
    if (response != null && reloadOn.get(response.status())) cache.refused(ctx.request());
    return ResponseDecision.proceed();
  }
}
