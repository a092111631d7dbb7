package dev.headgate.tck.broken;

import dev.headgate.api.FailurePolicy;
import dev.headgate.api.PluginMetadata;
import dev.headgate.api.body.BodyEffect;
import java.time.Duration;

/** Metadata that differ from others in one point. */
final class Variants {
  private Variants() {}

  static PluginMetadata withId(PluginMetadata metadata, String id) {
    return like(metadata, id).build();
  }

  static PluginMetadata withoutDependencies(PluginMetadata metadata) {
    PluginMetadata.Builder bare = bare(metadata, metadata.id());
    return (metadata.plainText() ? bare.plainText() : bare).build();
  }

  static PluginMetadata withoutPlainText(PluginMetadata metadata) {
    return depending(bare(metadata, metadata.id()), metadata).build();
  }

  static PluginMetadata withStopDeadline(PluginMetadata metadata, Duration deadline) {
    return like(metadata, metadata.id()).stopDeadline(deadline).build();
  }

  static PluginMetadata failingClosed(PluginMetadata metadata) {
    return like(metadata, metadata.id()).failurePolicy(FailurePolicy.FAIL_CLOSED).build();
  }

  static PluginMetadata changingLengths(PluginMetadata metadata) {
    return like(metadata, metadata.id())
        .requestBody(BodyEffect.CHANGES_LENGTH)
        .responseBody(BodyEffect.CHANGES_LENGTH)
        .build();
  }

  private static PluginMetadata.Builder like(PluginMetadata metadata, String id) {
    PluginMetadata.Builder same = depending(bare(metadata, id), metadata);
    return metadata.plainText() ? same.plainText() : same;
  }

  private static PluginMetadata.Builder depending(
      PluginMetadata.Builder builder, PluginMetadata metadata) {
    return builder.dependsOn(metadata.dependencies().toArray(String[]::new));
  }

  /** The same, but for dependencies and plain text. */
  private static PluginMetadata.Builder bare(PluginMetadata metadata, String id) {
    PluginMetadata.Builder builder =
        PluginMetadata.builder(id)
            .name(metadata.name())
            .version(metadata.version())
            .priority(metadata.priority())
            .failurePolicy(metadata.failurePolicy())
            .hookDeadline(metadata.hookDeadline())
            .stopDeadline(metadata.stopDeadline())
            .requestBody(metadata.requestBody())
            .responseBody(metadata.responseBody());
    metadata.hookPriorities().forEach((hook, priority) -> builder.priority(hook, priority));
    return metadata.blocking() ? builder.blocking() : builder;
  }
}
