import java.time.*
import plimsoll.analyses.*
import plimsoll.dsl.*
import plimsoll.telemetry.*
import tech.tablesaw.api.*
/set mode plimsoll normal -quiet
/set truncation plimsoll 10000
/set feedback plimsoll
var host = plimsoll.notebooks.Start.host()
