/**
 * Which request goes where: routes, and the router that finds the most specific one.
 *
 * <p>Start with {@link dev.headgate.core.route.Route} and {@link dev.headgate.core.route.Router}.
 * Knows nothing of exchanges, plugin chains or backends; a route only carries timeouts, it does not
 * apply them.
 */
@NullMarked
package dev.headgate.core.route;

import org.jspecify.annotations.NullMarked;
