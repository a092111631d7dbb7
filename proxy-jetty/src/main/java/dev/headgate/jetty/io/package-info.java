/**
 * The selectors that all sockets of an engine share. Start with {@link
 * dev.headgate.jetty.io.SharedSelectors}. Must not know HTTP.
 */
@NullMarked
package dev.headgate.jetty.io;

import org.jspecify.annotations.NullMarked;
