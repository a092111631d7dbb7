/**
 * Fields that say who asks: tool, client, session, request, model.
 *
 * <p>Start with {@link dev.headgate.plugins.headers.HeaderInjectionPlugin}. These types know the
 * plugin contract only, and nothing of what an upstream does with the fields.
 */
@NullMarked
package dev.headgate.plugins.headers;

import org.jspecify.annotations.NullMarked;
