/**
 * Authentication towards the upstream with the session's cookies.
 *
 * <p>Start with {@link dev.headgate.plugins.auth.SsoAuthPlugin}. These types know the plugin
 * contract only: where credentials come from is the business of the {@link
 * dev.headgate.api.CredentialsSupplier}, where requests go that of the engine's router.
 */
@NullMarked
package dev.headgate.plugins.auth;

import org.jspecify.annotations.NullMarked;
