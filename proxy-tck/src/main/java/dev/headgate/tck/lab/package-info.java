/**
 * What a rule works with: proxies, scripted upstreams and clients that look the same over sockets
 * and in memory, recording plugins, time, and the check that nothing leaked. Start with {@link
 * dev.headgate.tck.lab.Lab}; to bring a backend of one's own, with {@link
 * dev.headgate.tck.lab.TckEnvironment}.
 *
 * <p>Knows no backend and no rule.
 */
@NullMarked
package dev.headgate.tck.lab;

import org.jspecify.annotations.NullMarked;
