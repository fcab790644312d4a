package plimsoll.telemetry;

import java.util.Map;
import java.util.TreeMap;

/** Excerpts of captures of nginx 1.22.1, PHP-FPM 8.2 and Redis 7.0, and texts made in the formats of HAProxy and of other versions. */
final class WebTexts {
    static final String NGINX_ERRORS =
            """
            2026/11/21 01:29:30 [info] 19290#19290: *39 client 127.0.0.1 closed keepalive connection
            2026/11/21 01:31:33 [error] 31937#31937: *4 connect() to unix:/srv/lab/run/fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream, client: 127.0.0.1, server: , request: "GET /d/sleep.php?t=0.5&id=L40 HTTP/1.1", upstream: "fastcgi://unix:/srv/lab/run/fpm.sock:", host: "127.0.0.1:18090"
            2026/11/21 01:32:31 [warn] 361#361: *9 an upstream response is buffered to a temporary file /srv/lab/tmp/fcgi_main/1/00/0000000001 while reading upstream, client: 127.0.0.1, server: , request: "GET /d/payload.php?n=15728640 HTTP/1.0", upstream: "fastcgi://unix:/srv/lab/run/fpm.sock:"
            """;
    static final String COMBINED =
            """
            127.0.0.1 - - [21/Nov/2026:01:27:21 +0000] "GET /a\\x22b HTTP/1.1" 200 15729327 "-" "curl/7.88.1"
            127.0.0.1 - bob [21/Nov/2026:02:27:22 +0100] "POST /a HTTP/1.1" 502 150 "http://a/" "Mozilla/5.0 (X11)"
            """;
    static final String FPM_ACCESS =
            """
            - 21/Nov/2026:01:26:12 +0000 "GET /d/redis.php" 200 dur=0.967 mem=2048 cpu=0.00% pid=19282
            127.0.0.1 -  21/Nov/2026:01:26:13 +0000 "GET /index.php" 200
            """;
    static final String FPM_LOG =
            """
            [21-Nov-2026 01:26:11] NOTICE: fpm is running, pid 19281
            [21-Nov-2026 01:31:31] WARNING: [pool www] child 31929 said into stderr: "NOTICE: PHP message: PHP Warning:  a"
            [21-Nov-2026 01:32:00] WARNING: [pool www] server reached pm.max_children setting (3), consider raising it
            [21-Nov-2026 01:32:01] WARNING: [pool od] server reached max_children setting (7), consider raising it
            """;
    static final String FPM_TT =
            """
            [21-Nov-2026 01:32:34] NOTICE: [global]
            [21-Nov-2026 01:32:34] NOTICE: \tprocess.max = 0
            [21-Nov-2026 01:32:34] NOTICE: \tprocess.priority = undefined
            [21-Nov-2026 01:32:34] NOTICE: \s
            [21-Nov-2026 01:32:34] NOTICE: [www]
            [21-Nov-2026 01:32:34] NOTICE: \tlisten.backlog = 8
            [21-Nov-2026 01:32:34] NOTICE: \tpm.max_children = 4
            [21-Nov-2026 01:32:34] NOTICE: \taccess.format = %R %t "%m %r%Q%q" %s dur=%{mili}d mem=%{kilo}M cpu=%C%% pid=%p
            [21-Nov-2026 01:32:34] NOTICE: \tphp_admin_value[memory_limit] = 256M
            [21-Nov-2026 01:32:34] NOTICE: \s
            [21-Nov-2026 01:32:34] NOTICE: configuration file /srv/lab/conf/fpm.conf test is successful
            """;
    static final String FPM_CONF =
            """
            ; Start a new pool named 'www'.
            [www]
            user = www-data
            listen = /run/php/php8.2-fpm.sock
            ;listen.backlog = 511
            pm = dynamic
            pm.max_children = 5 ; the default
            php_admin_value[error_log] = "/var/log/fpm;php.www.log"
            """;
    static final String FPM_STATUS =
            """
            pool:                 www
            process manager:      static
            start time:           21/Nov/2026:01:32:31 +0000
            start since:          3
            accepted conn:        51
            listen queue:         0
            max listen queue:     0
            listen queue len:     0
            idle processes:       3
            active processes:     1
            total processes:      4
            max active processes: 4
            max children reached: 0
            slow requests:        0
            """;
    static final String FPM_STATUS_FULL = FPM_STATUS
            + """

            ************************
            pid:                  355
            state:                Idle
            start time:           21/Nov/2026:01:32:31 +0000
            start since:          3
            requests:             13
            request duration:     104260
            request method:       GET
            request URI:          /b/payload.php?n=15728640
            content length:       0
            user:                 -
            script:               /srv/lab/www/payload.php
            last request cpu:     19.18
            last request memory:  33562624

            ************************
            pid:                  356
            state:                Running
            start time:           21/Nov/2026:01:32:31 +0000
            start since:          3
            requests:             12
            request duration:     116326
            """;
    static final String FPM_STATUS_JSON =
            """
            {"pool":"www","process manager":"static","start time":1795224751,"start since":3,"accepted conn":51,"listen queue":0,"max listen queue":0,"listen queue len":0,"idle processes":3,"active processes":1,"total processes":4,"max active processes":4,"max children reached":0,"slow requests":0, "processes":[{"pid":355,"state":"Idle","start time":1795224751,"start since":3,"requests":13,"request duration":104260,"request method":"GET","request uri":"\\/b\\/payload.php?n=15728640","content length":0,"user":"-","script":"/srv/lab/www/payload.php","last request cpu":19.18,"last request memory":33562624},{"pid":356,"state":"Running","start time":1795224751,"start since":3,"requests":12,"request duration":116326}]}
            """;
    static final String FPM_STATUS_XML =
            """
            <?xml version="1.0" ?>
            <status>
            <pool>www</pool>
            <process-manager>static</process-manager>
            <start-time>1795224751</start-time>
            <start-since>3</start-since>
            <accepted-conn>51</accepted-conn>
            <listen-queue>0</listen-queue>
            <max-listen-queue>0</max-listen-queue>
            <listen-queue-len>0</listen-queue-len>
            <idle-processes>3</idle-processes>
            <active-processes>1</active-processes>
            <total-processes>4</total-processes>
            <max-active-processes>4</max-active-processes>
            <max-children-reached>0</max-children-reached>
            <slow-requests>0</slow-requests>
            <processes>
            <process><pid>355</pid><state>Idle</state><start-time>1795224751</start-time><start-since>3</start-since><requests>13</requests><request-duration>104260</request-duration><request-method>GET</request-method><request-uri>/b/payload.php?n=15728640</request-uri><content-length>0</content-length><user>-</user><script>/srv/lab/www/payload.php</script><last-request-cpu>19.18</last-request-cpu><last-request-memory>33562624</last-request-memory></process>
            <process><pid>356</pid><state>Running</state><start-time>1795224751</start-time><start-since>3</start-since><requests>12</requests><request-duration>116326</request-duration></process>
            </processes>
            </status>""";
    static final String FPM_STATUS_METRICS =
            """
            # HELP phpfpm_up Could pool www using a static PM on PHP-FPM be reached?
            # TYPE phpfpm_up gauge
            phpfpm_up 1
            # TYPE phpfpm_start_since counter
            phpfpm_start_since 3
            phpfpm_accepted_connections 51
            phpfpm_listen_queue 0
            phpfpm_max_listen_queue 0
            phpfpm_listen_queue_length 0
            phpfpm_idle_processes 3
            phpfpm_active_processes 1
            phpfpm_total_processes 4
            phpfpm_max_active_processes 4
            phpfpm_max_children_reached 0
            phpfpm_slow_requests 0
            # EOF
            """;
    static final String PHP_INI =
            """
            [PHP]
            engine = On
            memory_limit = 128M
            error_reporting = E_ALL & ~E_DEPRECATED
            zend_extension=opcache
            [opcache]
            opcache.memory_consumption=512
            opcache.error_log = "/var/log/a;b.log" ; where to
            [PATH=/srv/www]
            memory_limit = 1G
            """;
    static final String OPCACHE_STATUS =
            """
            {
                "opcache_enabled": true,
                "cache_full": false,
                "memory_usage": {
                    "used_memory": 9175280,
                    "current_wasted_percentage": 0
                },
                "interned_strings_usage": {
                    "buffer_size": 8388608,
                    "number_of_strings": 5020
                },
                "opcache_statistics": {
                    "num_cached_keys": 3,
                    "max_cached_keys": 16229
                },
                "scripts": {
                    "\\/srv\\/lab\\/www\\/redis.php": {
                        "full_path": "\\/srv\\/lab\\/www\\/redis.php",
                        "hits": 19,
                        "memory_consumption": 3216
                    }
                }
            }
            """;
    static final String OPCACHE_CONFIGURATION =
            """
            {
                "directives": {
                    "opcache.enable": true,
                    "opcache.memory_consumption": 134217728,
                    "opcache.interned_strings_buffer": 8,
                    "opcache.preload": ""
                },
                "version": {
                    "version": "8.2.35"
                },
                "blacklist": []
            }
            """;
    static final String REDIS_INFO =
            """
            # Server
            redis_version:7.0.15
            os:Linux 6.18.44 x86_64
            uptime_in_seconds:3
            config_file:

            # Clients
            connected_clients:3
            maxclients:10000

            # Memory
            used_memory:1036632
            used_memory_human:1012.34K
            maxmemory:0

            # Modules

            # Keyspace
            db0:keys=1,expires=0,avg_ttl=0
            """;
    static final String REDIS_CONFIG =
            """
            cluster-node-timeout
            15000
            masterauth

            tcp-backlog
            511
            oom-score-adj-values
            0 200 800
            """;
    static final String REDIS_CONFIG_TERMINAL =
            """
            1) "maxclients"
            2) "10000"
            3) "timeout"
            4) "0"
            """;
    static final String REDIS_CONF =
            """
            # Redis configuration file example.
            bind 127.0.0.1 -::1
            timeout 0
            tcp-keepalive 300
            maxmemory 2gb
            save 3600 1 300 100
            requirepass "a b"
            """;
    static final String REDIS_CLIENTS =
            """
            id=3 addr=127.0.0.1:47932 laddr=127.0.0.1:16379 fd=7 name= age=2 idle=2 flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=0 qbuf-free=20474 argv-mem=0 multi-mem=0 rbs=1024 rbp=221 obl=0 oll=0 omem=0 tot-mem=22272 events=r cmd=info user=default redir=-1 resp=2
            addr=10.0.0.9:51000 fd=8 name=php age=700 idle=700 flags=N db=0 sub=0 psub=0 multi=-1 qbuf=0 qbuf-free=0 obl=0 oll=0 omem=0 events=r cmd=get
            """;
    static final String STUB_STATUS =
            """
            Active connections: 291\s
            server accepts handled requests
             16630948 16630946 31070465\s
            Reading: 6 Writing: 179 Waiting: 106\s
            """;
    static final String NGINX_VERSION =
            """
            nginx version: nginx/1.22.1
            built with OpenSSL 3.0.20 7 Apr 2026 (running with OpenSSL 3.0.19 27 Jan 2026)
            TLS SNI support enabled
            configure arguments: --with-cc-opt='-g -O2' --prefix=/usr/share/nginx --with-threads
            """;
    static final String HAPROXY_STAT =
            """
            # pxname,svname,qcur,qmax,scur,smax,slim,stot,status,last_chk,mode,
            web,FRONTEND,,,3,210,2000,51234,OPEN,,http,
            app,s1,0,12,2,100,100,25617,UP,"L7OK/200, ""fine\""",http,
            app,BACKEND,0,12,3,200,200,51234,UP,,http,
            """;
    static final String HAPROXY_INFO =
            """
            Name: HAProxy
            Version: 2.6.12-1+deb12u1
            Release_date: 2023/12/16
            Maxsock: 8031
            Maxconn: 4000
            CurrConns: 3
            node: edge-1
            description:
            """;

    /** Every text with the name of the source that is sure of it. */
    static final Map<String, String> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry(NGINX_ERRORS, "nginx error log"),
            Map.entry(COMBINED, "nginx access log"),
            Map.entry(FPM_ACCESS, "PHP-FPM access log"),
            Map.entry(FPM_LOG, "PHP-FPM error log"),
            Map.entry(FPM_TT, "PHP-FPM configuration"),
            Map.entry(FPM_CONF, "PHP-FPM configuration"),
            Map.entry(FPM_STATUS, "PHP-FPM status"),
            Map.entry(FPM_STATUS_FULL, "PHP-FPM status"),
            Map.entry(FPM_STATUS_JSON, "PHP-FPM status"),
            Map.entry(FPM_STATUS_XML, "PHP-FPM status"),
            Map.entry(FPM_STATUS_METRICS, "PHP-FPM status"),
            Map.entry(PHP_INI, "php.ini"),
            Map.entry(OPCACHE_STATUS, "OPcache"),
            Map.entry(OPCACHE_CONFIGURATION, "OPcache"),
            Map.entry(REDIS_INFO, "redis info"),
            Map.entry(REDIS_CONFIG, "redis config get"),
            Map.entry(REDIS_CONFIG_TERMINAL, "redis config get"),
            Map.entry(REDIS_CONF, "redis.conf"),
            Map.entry(REDIS_CLIENTS, "redis client list"),
            Map.entry(STUB_STATUS, "nginx stub_status"),
            Map.entry(NGINX_VERSION, "nginx -V"),
            Map.entry(HAPROXY_STAT, "haproxy show stat"),
            Map.entry(HAPROXY_INFO, "haproxy show info")));

    private WebTexts() {}
}
