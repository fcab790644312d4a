/** Pages of reports in a headless browser. */
@NullMarked
package plimsoll.browser;

import org.jspecify.annotations.NullMarked;
