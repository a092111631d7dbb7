/**
 * What a backend supplies, and what the core asks of it: a listener that hands over exchanges, and
 * an upstream client that sends requests on.
 *
 * <p>Start with {@link dev.headgate.core.spi.Backend}. The core drives: it reads bodies by demand
 * and writes responses with completions; a backend moves bytes and knows nothing of plugins, routes
 * or errors' rendering. Any backend is proved by the TCK in proxy-tck.
 */
@NullMarked
package dev.headgate.core.spi;

import org.jspecify.annotations.NullMarked;
