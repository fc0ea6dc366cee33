/** What ships inside every compiled jar: the API that services program against, and the executor behind it. */
@NullMarked
package dev.sardonyx.runtime;

import org.jspecify.annotations.NullMarked;
