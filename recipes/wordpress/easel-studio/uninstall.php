<?php
/**
 * Removes what the settings page stored.
 *
 * @package EaselStudio
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

delete_option( 'easel_studio' );
