package dev.headgate.core.coding;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the codings of the class path or module path, and says which of them are of no use. */
final class CodingLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ContentCodings.class);

  private CodingLoader() {}

  static ContentCodings load() {
    return load(ServiceLoader.load(ContentCoding.class, ContentCoding.class.getClassLoader()));
  }

  static ContentCodings load(Iterable<ContentCoding> services) {
    List<ContentCoding> codings = new ArrayList<>();
    codings.add(new GzipCoding());
    codings.add(new DeflateCoding());
    Iterator<ContentCoding> found = services.iterator();
    while (true) {
      try {
        if (!found.hasNext()) {
          return ContentCodings.of(codings);
        }
        ContentCoding coding = found.next();
        Throwable cause = coding.unavailable();
        if (cause == null) {
          codings.add(coding);
        } else {
          LOG.info("content coding {} is not available: {}", coding.name(), cause.toString());
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        LOG.info("a content coding is not available: {}", e.toString());
      }
    }
  }
}
