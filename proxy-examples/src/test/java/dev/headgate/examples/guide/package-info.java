/**
 * The code that README.md and docs/plugins.md show, each piece of it tested, and the test that the
 * pages show just that.
 */
package dev.headgate.examples.guide;
