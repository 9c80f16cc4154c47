package discover

// Where the main files of a configuration lie. The last entries are of a folder that holds nothing but the
// configuration: conf/nginx.conf beside the logs.
var (
	nginxPlaces = []string{
		"/etc/nginx/nginx.conf", "/usr/local/nginx/conf/nginx.conf", "/usr/local/etc/nginx/nginx.conf",
		"/usr/local/openresty/nginx/conf/nginx.conf", "/opt/nginx/conf/nginx.conf", "/nginx.conf", "/nginx/nginx.conf",
	}
	apachePlaces = []string{
		"/etc/apache2/apache2.conf", "/etc/apache2/conf/httpd.conf", "/etc/httpd/conf/httpd.conf",
		"/usr/local/apache/conf/httpd.conf", "/usr/local/apache2/conf/httpd.conf", "/httpd.conf", "/apache2.conf",
	}
	fpmPlaces = []string{
		"/etc/php/*/fpm/php-fpm.conf", "/etc/php-fpm.conf", "/etc/php*/php-fpm.conf", "/etc/opt/remi/php*/php-fpm.conf",
		"/opt/cpanel/ea-php*/root/etc/php-fpm.conf", "/opt/plesk/php/*/etc/php-fpm.conf", "/opt/alt/php*/etc/php-fpm.conf",
		"/opt/alt/php-fpm*/usr/etc/php-fpm.conf", "/usr/local/php*/etc/php-fpm.conf", "/usr/local/etc/php-fpm.conf", "/php-fpm.conf",
	}
	poolPlaces = []string{
		"/etc/php/*/fpm/pool.d/*.conf", "/etc/php-fpm.d/*.conf", "/etc/opt/remi/php*/php-fpm.d/*.conf",
		"/opt/cpanel/ea-php*/root/etc/php-fpm.d/*.conf", "/opt/plesk/php/*/etc/php-fpm.d/*.conf",
		"/usr/local/php*/etc/php-fpm.d/*.conf", "/usr/local/etc/php-fpm.d/*.conf", "/php-fpm.d/*.conf", "/pool.d/*.conf",
	}
)

// configured are folders by which a server's root is known.
var configured = []struct {
	folder string
	below  []string
}{
	{"/etc", []string{"/nginx", "/apache2", "/httpd", "/php", "/php-fpm.d", "/opt/remi"}},
	{"/usr/local", []string{"/apache/conf", "/nginx/conf", "/apache2/conf", "/etc/nginx"}},
	{"/opt", []string{"/cpanel", "/plesk/php", "/alt"}},
}

// formatPlaces are folders whose files may define log formats.
var formatPlaces = []string{"/etc/nginx", "/etc/apache2", "/etc/httpd", "/usr/local/apache/conf", "/usr/local/nginx/conf"}

// place is where a log usually lies, whatever the configuration says. A file it matches needs no further rotated
// siblings named: they are looked for.
type place struct{ glob, kind string }

// places are those of Debian, RHEL, cPanel, Plesk, DirectAdmin, CloudPanel, Docker and others.
var places = []place{
	// web servers
	{"/var/log/nginx/*error.log", "nginx error log"},
	{"/var/log/nginx/*error_log", "nginx error log"},
	{"/var/log/nginx/*access.log", "nginx access log"},
	{"/var/log/nginx/*access_log", "nginx access log"},
	{"/var/log/nginx/domains/*", "nginx log of a site"},
	{"/usr/local/nginx/logs/*.log", "nginx log"},
	{"/var/log/apache2/*error.log", "Apache error log"},
	{"/var/log/apache2/*access.log", "Apache access log"},
	{"/var/log/apache2/error_log", "Apache error log"},
	{"/var/log/apache2/access_log", "Apache access log"},
	{"/var/log/apache2/suexec_log", "suexec log"},
	{"/var/log/apache2/modsec_audit.log", "ModSecurity audit log"},
	{"/var/log/apache2/domlogs/*", "Apache access log of a site"},
	{"/var/log/httpd/*error_log", "Apache error log"},
	{"/var/log/httpd/*access_log", "Apache access log"},
	{"/var/log/httpd/modsec_audit.log", "ModSecurity audit log"},
	{"/var/log/httpd/domains/*.log", "Apache log of a site"},
	{"/var/log/modsec_audit.log", "ModSecurity audit log"},
	{"/usr/local/apache/logs/error_log", "Apache error log"},
	{"/usr/local/apache/logs/access_log", "Apache access log"},
	{"/usr/local/apache/logs/modsec_audit.log", "ModSecurity audit log"},
	{"/usr/local/apache/domlogs/*", "Apache access log of a site"},
	{"/usr/local/apache/domlogs/*/*", "Apache access log of a site"},
	{"/etc/apache2/logs/domlogs/*", "Apache access log of a site"},
	{"/etc/apache2/logs/domlogs/*/*", "Apache access log of a site"},
	{"/usr/local/lsws/logs/error.log", "LiteSpeed error log"},
	{"/usr/local/lsws/logs/stderr.log", "LiteSpeed error log"},

	// PHP
	{"/var/log/php*-fpm.log", "PHP-FPM log"},
	{"/var/log/php-fpm.log", "PHP-FPM log"},
	{"/var/log/php-fpm/*.log", "PHP-FPM log"},
	{"/var/log/php*-fpm/*.log", "PHP-FPM log"},
	{"/var/log/plesk-php*-fpm/*.log", "PHP-FPM log"},
	{"/var/opt/remi/php*/log/php-fpm/*.log", "PHP-FPM log"},
	{"/opt/cpanel/ea-php*/root/usr/var/log/php-fpm/*.log", "PHP-FPM log"},
	{"/usr/local/php*/var/log/php-fpm.log", "PHP-FPM log"},
	{"/var/log/php_errors.log", "PHP error log"},
	{"/home/*/logs/*.php.error.log", "PHP error log"},
	{"/home/*/logs/.php.error.log", "PHP error log"},
	{"/home/*/error_log", "PHP error log"},
	{"/home/*/public_html/error_log", "PHP error log"},
	{"/home/*/public_html/wp-admin/error_log", "PHP error log"},
	{"/home/*/public_html/wp-content/debug.log", "WordPress debug log"},
	{"/home/*/logs/*-[A-Z][a-z][a-z]-20[0-9][0-9].gz", "access log of a site, of a month"},
	{"/home/*/logs/nginx/*.log", "nginx log of a site"},
	{"/home/*/logs/php/*.log", "PHP error log"},

	// panels
	{"/var/www/vhosts/system/*/logs/*log", "log of a site"},
	{"/var/www/vhosts/system/*/logs/*log.processed", "log of a site, counted already"},
	{"/home/*/domains/*/logs/*.log", "log of a site"},
	{"/home/*/domains/*/public_html/error_log", "PHP error log"},
	{"/usr/local/cpanel/logs/php-fpm/error.log", "PHP-FPM log"},
	{"/var/log/chkservd.log", "cPanel service monitor"},
	{"/var/log/lfd.log", "CSF/LFD log"},

	// the machine
	{"/var/log/syslog", "system log"},
	{"/var/log/messages", "system log"},
	{"/var/log/daemon.log", "system log"},
	{"/var/log/kern.log", "kernel log"},
	{"/var/lib/docker/containers/*/*-json.log", "Docker log"},

	// databases
	{"/var/log/mysql/*.log", "MySQL or MariaDB log"},
	{"/var/log/mysql/*.err", "MySQL or MariaDB log"},
	{"/var/log/mariadb/*.log", "MySQL or MariaDB log"},
	{"/var/log/mysqld.log", "MySQL or MariaDB log"},
	{"/var/log/mysql.log", "MySQL or MariaDB log"},
	{"/var/lib/mysql/*.err", "MySQL or MariaDB log"},
	{"/var/lib/mysql/*-slow.log", "MySQL or MariaDB slow log"},
}

// inRoot are logs that PHP and WordPress leave in a document root.
var inRoot = []place{
	{"error_log", "PHP error log"},
	{"wp-admin/error_log", "PHP error log"},
	{"wp-content/debug.log", "WordPress debug log"},
}
