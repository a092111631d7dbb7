/**
 * How many exchanges run at a time, and who waits. Start with {@link
 * dev.headgate.core.overload.AdmissionQueue}. Knows nothing of exchanges.
 */
@NullMarked
package dev.headgate.core.overload;

import org.jspecify.annotations.NullMarked;
