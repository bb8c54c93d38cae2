<?php
/**
 * Plugin Name: Easel Studio
 * Description: An AI image studio from your own edge, as a block and as the shortcode [easel].
 * Version: 0.2.0
 * Requires at least: 6.1
 * Requires PHP: 7.4
 * License: MIT OR Apache-2.0
 * Text Domain: easel-studio
 *
 * Owns the settings, the element's HTML and the loader's script. Must not call the edge, nor store anything of a visitor:
 * the browser alone talks to the edge.
 *
 * @package EaselStudio
 */

namespace EaselStudio;

defined( 'ABSPATH' ) || exit;

const OPTION = 'easel_studio';

/** The element's attributes that a page may set, each with its value where the page is silent. */
const ATTRIBUTES = array(
	'site'    => '',
	'theme'   => 'auto',
	'locale'  => '',
	'prompt'  => '',
	'loading' => 'lazy',
	'name'    => '',
);

const HEIGHT = '40rem';

/** The edge's address and the site's id, as the settings page stored them. */
function settings(): array {
	$stored = get_option( OPTION, array() );
	return array_merge( array( 'edge' => '', 'site' => 'demo' ), is_array( $stored ) ? $stored : array() );
}

/** An edge's origin: https, or http to this machine; an empty text if it is none. */
function edge( string $text ): string {
	$parts = wp_parse_url( trim( $text ) );
	if ( ! is_array( $parts ) || empty( $parts['host'] ) || isset( $parts['user'] ) ) {
		return '';
	}
	$scheme = strtolower( $parts['scheme'] ?? '' );
	$local  = in_array( $parts['host'], array( 'localhost', '127.0.0.1', '[::1]' ), true );
	if ( 'https' !== $scheme && ! ( 'http' === $scheme && $local ) ) {
		return '';
	}
	return $scheme . '://' . strtolower( $parts['host'] ) . ( isset( $parts['port'] ) ? ':' . $parts['port'] : '' );
}

/** A length of CSS; the usual height for everything else. */
function height( string $text ): string {
	return preg_match( '/^\d{1,4}(\.\d{1,3})?(px|rem|em|vh|svh|dvh)$/', trim( $text ) ) ? trim( $text ) : HEIGHT;
}

/** Puts the loader's script into the page, once. WordPress has a list of modules from 6.5 on. */
function load(): void {
	if ( function_exists( 'wp_enqueue_script_module' ) ) {
		wp_enqueue_script_module( 'easel-studio', settings()['edge'] . '/easel.js', array(), null );
	} else {
		add_action( 'wp_footer', __NAMESPACE__ . '\print_loader' );
	}
}

function print_loader(): void {
	wp_print_script_tag( array( 'type' => 'module', 'src' => settings()['edge'] . '/easel.js' ) );
}

/** The element's HTML. Without an edge, visitors see nothing, and editors what to do. */
function element( array $given ): string {
	$settings = settings();
	if ( '' === $settings['edge'] ) {
		return current_user_can( 'edit_posts' )
			? '<p>' . esc_html__( 'Easel Studio: enter the address of your edge under Settings, Easel Studio.', 'easel-studio' ) . '</p>'
			: '';
	}
	load();
	$given['site'] = $given['site'] ?? '' ?: $settings['site'];
	$html          = '';
	foreach ( ATTRIBUTES as $name => $usual ) {
		$value = (string) ( $given[ $name ] ?? '' );
		if ( '' !== $value && $usual !== $value ) {
			$html .= sprintf( ' %s="%s"', $name, esc_attr( $value ) );
		}
	}
	$style = 'display:block;min-height:' . height( (string) ( $given['height'] ?? '' ) );
	return sprintf( '<easel-studio%s style="%s"></easel-studio>', $html, esc_attr( $style ) );
}

/** The shortcode: [easel site="acme" theme="dark" height="30rem"]. */
function shortcode( $given ): string {
	$known = array_merge( array_fill_keys( array_keys( ATTRIBUTES ), '' ), array( 'height' => '' ) );
	return element( shortcode_atts( $known, is_array( $given ) ? $given : array(), 'easel' ) );
}

/** Only the address of an edge and a site's id are stored; a wrong one keeps the one before, and is refused in words. */
function sanitize( $given ): array {
	$before = settings();
	$given  = is_array( $given ) ? $given : array();
	$text   = (string) ( $given['edge'] ?? '' );
	$edge   = edge( $text );
	if ( '' === $edge && '' !== trim( $text ) ) {
		$said = __( 'This is no address of an edge: it is https:// and a host, such as https://studio.example.com.', 'easel-studio' );
		add_settings_error( OPTION, 'edge', $said . ' ' . kept() );
		$edge = $before['edge'];
	}
	$site = trim( (string) ( $given['site'] ?? '' ) );
	if ( ! preg_match( '/^[a-z0-9][a-z0-9-]{0,62}$/', $site ) ) {
		$said = __( 'This is no site: its id is made of small letters, digits and hyphens.', 'easel-studio' );
		add_settings_error( OPTION, 'site', $said . ' ' . kept() );
		$site = $before['site'];
	}
	return array( 'edge' => $edge, 'site' => $site );
}

function kept(): string {
	return __( 'What was stored before is kept.', 'easel-studio' );
}

function settings_page(): void {
	$settings = settings();
	?>
	<div class="wrap">
		<h1><?php esc_html_e( 'Easel Studio', 'easel-studio' ); ?></h1>
		<p>
			<?php
			printf(
				/* translators: %s: the origin of this WordPress */
				esc_html__( 'The operator of the edge lists this origin in the site\'s "origins": %s', 'easel-studio' ),
				'<code>' . esc_html( edge( home_url() ) ?: home_url() ) . '</code>'
			);
			?>
		</p>
		<form action="options.php" method="post">
			<?php settings_fields( OPTION ); ?>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><label for="easel-edge"><?php esc_html_e( 'Address of the edge', 'easel-studio' ); ?></label></th>
					<td>
						<input id="easel-edge" class="regular-text" type="url" placeholder="https://studio.example.com"
							name="<?php echo esc_attr( OPTION ); ?>[edge]" value="<?php echo esc_attr( $settings['edge'] ); ?>">
					</td>
				</tr>
				<tr>
					<th scope="row"><label for="easel-site"><?php esc_html_e( 'Site', 'easel-studio' ); ?></label></th>
					<td>
						<input id="easel-site" class="regular-text" type="text"
							name="<?php echo esc_attr( OPTION ); ?>[site]" value="<?php echo esc_attr( $settings['site'] ); ?>">
					</td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
	</div>
	<?php
}

add_action(
	'init',
	function (): void {
		add_shortcode( 'easel', __NAMESPACE__ . '\shortcode' );
		register_block_type( __DIR__ . '/block' );
	}
);

add_action(
	'admin_init',
	function (): void {
		register_setting( OPTION, OPTION, array( 'type' => 'array', 'sanitize_callback' => __NAMESPACE__ . '\sanitize' ) );
	}
);

add_action(
	'admin_menu',
	function (): void {
		add_options_page(
			__( 'Easel Studio', 'easel-studio' ),
			__( 'Easel Studio', 'easel-studio' ),
			'manage_options',
			'easel-studio',
			__NAMESPACE__ . '\settings_page'
		);
	}
);
