/**
 * The plugin contract: what a plugin is, which hooks it may implement, what it decides with, and
 * what it learns about the exchange it sits in.
 *
 * <p>Start with {@link dev.headgate.api.ProxyPlugin}; the hooks are in {@link
 * dev.headgate.api.Interceptor}, the state of one exchange in {@link
 * dev.headgate.api.ProxyContext}. The types here know nothing of sockets, of threads pools or of
 * the engine that calls them.
 */
@NullMarked
package dev.headgate.api;

import org.jspecify.annotations.NullMarked;
