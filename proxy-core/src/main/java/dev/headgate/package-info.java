/**
 * The front door: {@link dev.headgate.Proxy#builder()} makes a proxy, which is started, used and
 * stopped.
 *
 * <p>Start with {@link dev.headgate.Proxy}. Several proxies may share a {@link
 * dev.headgate.ProxyEngine}.
 */
@NullMarked
package dev.headgate;

import org.jspecify.annotations.NullMarked;
