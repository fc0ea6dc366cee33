/** What a compiled jar promises beyond right answers: what the JIT has to compile, memory, many sessions, every vector width. */
package dev.sardonyx.tests.jars;
