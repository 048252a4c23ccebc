# AddressSanitizer's and UndefinedBehaviorSanitizer's runtime beside the engine: what reports goes
# through engine/sanitizers/address.c and address_undefined.c (--wrap).

set(hd_sanitizer_link_options
    -fsanitize=address,undefined -Wl,--wrap=__asan_handle_no_return)
foreach(access load store)
    foreach(size 1 2 4 8 16 _n)
        list(APPEND hd_sanitizer_link_options -Wl,--wrap=__asan_report_${access}${size}_noabort)
    endforeach()
endforeach()
foreach(check add_overflow builtin_unreachable divrem_overflow function_type_mismatch
        invalid_builtin load_invalid_value missing_return mul_overflow negate_overflow nonnull_arg
        nonnull_return_v1 out_of_bounds pointer_overflow shift_out_of_bounds sub_overflow
        type_mismatch_v1 vla_bound_not_positive)
    list(APPEND hd_sanitizer_link_options -Wl,--wrap=__ubsan_handle_${check})
endforeach()
