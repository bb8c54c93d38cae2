<?php
/**
 * The block as visitors see it.
 *
 * @package EaselStudio
 */

defined( 'ABSPATH' ) || exit;

// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- each attribute is escaped there.
echo '<div ' . get_block_wrapper_attributes() . '>' . \EaselStudio\element( $attributes ) . '</div>';
