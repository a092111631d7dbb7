/**
 * The backend that people run: HTTP on Jetty's selectors, end points, parser and client. Start with
 * {@link dev.headgate.jetty.JettyBackend}.
 */
@NullMarked
package dev.headgate.jetty;

import org.jspecify.annotations.NullMarked;
