/**
 * Heads of HTTP messages: {@link dev.headgate.api.http.RequestHead}, {@link
 * dev.headgate.api.http.ResponseHead} and their {@link dev.headgate.api.http.Headers}.
 *
 * <p>Start with {@link dev.headgate.api.http.MutableHeaders}. These types know nothing of bodies,
 * plugins or exchanges.
 */
@NullMarked
package dev.headgate.api.http;

import org.jspecify.annotations.NullMarked;
