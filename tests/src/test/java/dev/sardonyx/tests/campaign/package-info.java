/**
 * Tests that take long or need more than a clone, tagged {@code campaign}: {@code mvn verify -Pcampaign} runs them. What each needs
 * stands in {@code docs/testing.md}. They print what they measure. What reads machine code for them has a test of the ordinary kind.
 */
package dev.sardonyx.tests.campaign;
