/**
 * Shows what passes through a proxy: requests, responses, chunks, ends and errors, without their
 * secrets.
 *
 * <p>Start with {@link dev.headgate.plugins.logging.LoggingPlugin}. These types know the plugin
 * contract and the slf4j API only, no binding of it.
 */
@NullMarked
package dev.headgate.plugins.logging;

import org.jspecify.annotations.NullMarked;
