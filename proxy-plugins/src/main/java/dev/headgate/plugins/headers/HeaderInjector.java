package dev.headgate.plugins.headers;

import dev.headgate.api.Interceptor;
import dev.headgate.api.ProxyContext;
import dev.headgate.api.RequestDecision;
import dev.headgate.api.Session;
import dev.headgate.api.http.MutableHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields into the requests of one session. Parallel arrays, so that a request costs a
 * loop.
 */
final class HeaderInjector implements Interceptor {
  private final String[] names;
  private final @Nullable String[] fixed;
  private final ValueSource.@Nullable OfRequest[] perRequest;

  /**
   * Works out what the session decides.
   *
   * @throws IllegalArgumentException naming each field whose value from the session can't be sent
   */
  HeaderInjector(List<OwnedField> fields, Session session) {
    int count = fields.size();
    names = new String[count];
    fixed = new String[count];
    perRequest = new ValueSource.OfRequest[count];
    List<String> mistakes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      OwnedField field = fields.get(i);
      String value = field.source().fixedFor(session);
      if (value != null) Mistakes.ofValue(field.name(), value).ifPresent(mistakes::add);
      names[i] = field.name();
      fixed[i] = value;
      perRequest[i] = field.source() instanceof ValueSource.OfRequest function ? function : null;
    }
    Mistakes.throwIfAny("values of the session that can't be sent by plugin", mistakes);
  }

  @Override
  public RequestDecision onRequest(ProxyContext ctx) {
    MutableHeaders headers = ctx.request().headers();
    for (int i = 0; i < names.length; i++) {
      ValueSource.OfRequest function = perRequest[i];
      headers.setOrRemove(names[i], function == null ? fixed[i] : function.value(ctx));
    }
    return RequestDecision.proceed();
  }
}
