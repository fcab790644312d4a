@NullMarked
package plimsoll.telemetry;

import org.jspecify.annotations.NullMarked;
