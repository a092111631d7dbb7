package dev.headgate.core.lifecycle;

import dev.headgate.api.CredentialsSupplier;
import dev.headgate.api.Session;
import dev.headgate.core.spi.Engine;
import java.time.Duration;

/**
 * What a registry needs of its proxy.
 *
 * @param engine the running backend
 * @param session the proxy's session
 * @param credentials where the session's credentials come from
 * @param faultsInARow how many faults in a row suspend a plugin
 * @param coolDown how long a suspension lasts before the trial
 */
public record RegistryOptions(
    Engine engine,
    Session session,
    CredentialsSupplier credentials,
    int faultsInARow,
    Duration coolDown) {}
