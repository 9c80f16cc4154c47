package discover

import "testing"

func TestPackageOf(t *testing.T) {
	for text, unit := range map[string]string{
		"/etc/php/8.3/fpm/pool.d/www.conf":                                        "php8.3-fpm",
		"unix:/run/php/php7.4-fpm.sock":                                           "php7.4-fpm",
		"unix:/run/php/php8.2-fpm-a.sock":                                         "php8.2-fpm",
		"logs/var/log/php8.1-fpm.log.2.gz":                                        "php8.1-fpm",
		"/etc/php/conf.d/10-opcache.ini":                                          "",
		"/etc/php/8.3/cli/php.ini":                                                "",
		"/var/log/php_errors.log":                                                 "",
		"/opt/cpanel/ea-php82/root/etc/php-fpm.d/shop.test.conf":                  "ea-php82-php-fpm",
		"case/opt/cpanel/ea-php74/root/usr/var/log/php-fpm/error.log":             "ea-php74-php-fpm",
		"/usr/local/apache/logs/error_log":                                        "ea-phpXX-php-fpm",
		"unix:/opt/cpanel/ea-php81/root/usr/var/run/php-fpm/87.sock":              "ea-php81-php-fpm",
		"/opt/plesk/php/8.2/etc/php-fpm.d/shop.conf":                              "plesk-php82-fpm",
		"/var/log/plesk-php83-fpm/error.log":                                      "plesk-php83-fpm",
		"unix:/var/opt/remi/php80/run/php-fpm/www.sock":                           "php80-php-fpm",
		"/etc/php-fpm.d/www.conf":                                                 "php-fpm",
		"unix:/run/php-fpm/www.sock":                                              "php-fpm",
		"/var/log/php-fpm/shop-slow.log":                                          "", // anybody's
		"unix:/run/shop.sock":                                                     "",
		"/etc/php/8.2222222222/fpm/":                                              "",
		"unix:/run/php/php8.1-fpm.sock and /etc/php-fpm.d/www.conf":               "php8.1-fpm",
		"var/lib/docker/containers/9c77aa01b3e2f644/9c77aa01b3e2f644-json.log:12": "CONTAINER",
		"/usr/local/etc/php-fpm.d/www.conf":                                       "CONTAINER",
		"app/usr/local/etc/php-fpm.conf":                                          "CONTAINER",
		"/usr/local/php82/etc/php-fpm.d/www.conf":                                 "",
		"/opt/bitnami/php/etc/php-fpm.d/www.conf":                                 "",
		"/opt/alt/php-fpm82/usr/etc/php-fpm.d/users/a.conf":                       "",
		"": "",
	} {
		p, ok := PackageOf(text)
		if p.Unit != unit || ok != (unit != "") {
			t.Errorf("%s: %q, want %q", text, p.Unit, unit)
		}
	}
	for place, want := range map[string]string{
		"/usr/local/etc/php-fpm.d/www.conf": "docker exec CONTAINER php-fpm -t && docker kill -s USR2 CONTAINER",
		"/etc/php/8.3/fpm/pool.d/www.conf":  "php-fpm8.3 -t && systemctl reload php8.3-fpm",
	} {
		if p, _ := PackageOf(place); p.Reload() != want {
			t.Errorf("%s: %q", place, p.Reload())
		}
	}
	if p, _ := PackageOf("/var/log/plesk-php83-fpm/error.log"); p.FPM != "/opt/plesk/php/8.3/sbin/php-fpm" {
		t.Errorf("%+v", p)
	}
}
