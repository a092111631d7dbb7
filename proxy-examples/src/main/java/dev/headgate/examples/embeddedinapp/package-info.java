/**
 * An application with an HTTP server of its own that embeds two proxies on one engine.
 *
 * <p>Start with {@link dev.headgate.examples.embeddedinapp.ShopApplication}. Knows the facade and
 * the bundled plugins; nothing of a backend.
 */
@NullMarked
package dev.headgate.examples.embeddedinapp;

import org.jspecify.annotations.NullMarked;
