// # Captured text stays text
//
// A capture is not to be trusted: names of processes and of hosts are whatever somebody chose. Here they try to become part of the page.

var host = Host.of("""
        root@web:~# date -u
        Sat Nov 21 08:00:00 UTC 2026
        root@web:~# sysctl net.ipv4.ip_local_port_range net.ipv4.tcp_tw_reuse
        net.ipv4.ip_local_port_range = 32768	60999
        net.ipv4.tcp_tw_reuse = 2
        root@web:~# ss -tanp
        State     Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
        ESTAB     0      0      10.0.0.1:40000      10.0.0.2:443      users:(("</script><img src=x onerror=document.title='run'>",pid=7,fd=3))
        ESTAB     0      0      10.0.0.1:40001      10.0.0.2:443      users:(("'\\"><script>document.title='run'</script>",pid=8,fd=3))
        TIME-WAIT 0      0      10.0.0.1:40002      10.0.0.2:443
        <script>document.title='run'</script><b onmouseover=document.title='run'>a line that is no socket
        """)

host

host.rows("sockets")

host.table("sockets")

host.capture().rejected().get(0)

host.capture().rejected().get(0).text()

List.of(host.capture().rejected().get(0).text())

host.ports("500/s").with("connected", "100 ms")

host.ports("500/s").with("connected", "100 ms").explain()

// A picture whose names are hostile.

new Picture("</script><img src=x onerror=document.title='run'>",
        new Picture.Axis("\"'><b onmouseover=document.title='run'>", Unit.RATE),
        new Picture.Axis("ports", Unit.COUNT), Optional.empty(),
        List.of(new Picture.Line("<img src=x onerror=document.title='run'>", List.of(0.0, 1.0, 2.0), List.of(0.0, 4.0, 1.0), false)))

// And one that is not.

host.ports("500/s").with("connected", "100 ms").sweep("rate", "0/s", "800/s")

System.out.println("<script>document.title='run'</script> as it was printed")
