/**
 * What can go wrong in an exchange, as closed types: {@link dev.headgate.api.error.ProxyError} says
 * who is at fault, in which phase, with which status, and whether a retry is safe.
 *
 * <p>Start with {@link dev.headgate.api.error.ProxyError}. These types know nothing of plugins
 * beyond their ids, and nothing of how an error is rendered.
 */
@NullMarked
package dev.headgate.api.error;

import org.jspecify.annotations.NullMarked;
